"""What stands between the network and the pages: connections, host names, addresses, sizes of bodies."""
