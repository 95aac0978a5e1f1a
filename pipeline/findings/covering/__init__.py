"""Coverage and access of a district as tables: by service, by hour, by place and grid cell, and as people meet them."""
