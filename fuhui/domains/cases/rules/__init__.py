"""Rules of cases in pure Python: states, who may do what, clocks, routing, rates."""
