"""The chat door: group messages that somebody pasted or uploaded become cases.

The machine reads and proposes (`actions.reading`), a person regroups and corrects (`actions.regrouping`), one tap
makes all cases (`actions.making`), and after some days what did not become a case is deleted (`actions.clearing`).
"""
