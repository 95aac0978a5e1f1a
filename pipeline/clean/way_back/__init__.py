"""What goes back to the keepers of files and what comes back: corrections, return workbooks, repairs."""
