"""Volunteers (志愿服务): who serves, in which teams, when they are free, which shifts they take.

Words: volunteer 志愿者, team 志愿服务队, joining 入队申请, call 招募, shift 班次, sign-up 报名.
Used by volunteers, leaders of teams, grid workers, community staff and the secretary.
Read `rules/` first: who may register at which age, and with which one reason a sign-up is refused.
"""
