"""Formulas: frames and arrays in, frames and arrays out; no files, no database."""
