"""Web pages and XML spreadsheets → grids of cells."""
