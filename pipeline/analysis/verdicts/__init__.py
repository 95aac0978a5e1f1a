"""What a station, or a grid cell, makes of a service: one verdict with its probability, from what is declared, used and needed.

Every step is a function of arrays: `needed` (is it needed at all?), `works` (does what is declared really work?), `given` (is it given though
nobody declares it?), `known` (do people know of it?), put together by `tree`. The chances each step uses come in as `rules`.
"""
