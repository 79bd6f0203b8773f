"""Plan the build, run it, publish what changed."""
