"""The assistant as one object: put together, loaded, replaced, with answers remembered and shared."""
