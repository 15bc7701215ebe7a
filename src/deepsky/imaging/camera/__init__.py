"""Read files that cameras and capture programs write: camera raw and SER."""
