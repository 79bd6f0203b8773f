"""From content to a published site. `run.build` does it all; nothing is imported before it is wanted."""
