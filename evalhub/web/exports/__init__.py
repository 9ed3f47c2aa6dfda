"""Lists and letters as files: what a page shows, in the words of its reader."""
