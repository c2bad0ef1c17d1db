"""Cases (诉求): what residents ask for, from the first word to the call-back.

Words: case 诉求, reporter 反映人, handler 办理人 (lead 主办, helper 协办), step 办理步骤, clock 时限约定.
Used by residents, grid workers, community staff, secretaries and, once escalated, street officers.
Read `rules/states.py` first: the whole workflow is one table there.
"""
