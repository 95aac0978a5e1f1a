"""A grid of cells, whatever file it comes from → the tables in it: blocks, headings, records, notes beside."""
