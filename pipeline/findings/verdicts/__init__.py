"""Verdicts of stations and grid cells: evidence from the marts, through the steps of analysis.verdicts, to frames."""
