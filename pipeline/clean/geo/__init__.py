"""Where things are: datums of Chinese maps, distances, outlines, and which rows can be put on the map."""
