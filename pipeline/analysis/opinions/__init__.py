"""What respondents think of services: importance against performance, and Kano's categories."""
