"""People: residents, the households they live in, what is known of them (attribute cards) and what they agreed to.

Words: person 居民, household 户, attribute card 属性卡, category 人员类别, consent 同意,
merge 合并, import batch 导入批次.
Knows places; knows nothing of accounts, cases or any later room, which register themselves in `registry`.
"""
