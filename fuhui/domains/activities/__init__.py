"""Activities (活动): planned, approved, published, signed up for, attended, and closed into the book.

Words: activity 活动, sign-up 报名, place 名额, waiting list 候补, offer 递补, ticket 报名凭证, check-in 签到.
"""
