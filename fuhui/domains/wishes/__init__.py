"""Micro-wishes (微心愿): a small wish is published, claimed, fulfilled, thanked for, and written into the book.

Words: wish 微心愿, wisher 许愿人, claim 认领, part 份, lapse 到期退回, confirm 确认实现, thanks 感谢.
"""
