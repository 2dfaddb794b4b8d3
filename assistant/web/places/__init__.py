"""Where a note's relative links and figures lead on this site."""
