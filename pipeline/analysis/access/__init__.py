"""Who can reach what on foot, and when: pairs within reach, the week cut at every opening, access, coverage, equity."""
