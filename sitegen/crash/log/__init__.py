"""Text -> CrashLog. Pure: reads no file and never raises on text."""
