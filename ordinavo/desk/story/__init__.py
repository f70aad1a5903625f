"""All that happened to a target, on one page: found, gathered from every room, told line by line."""
