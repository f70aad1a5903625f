"""Everything that runs the product on one machine: servers, processes, throw-away services.

Standard library and the two server wheels only; nothing here imports Django or another room.
"""
