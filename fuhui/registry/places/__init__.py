"""Places: the region tree from province to community, grids with staff and borders, buildings and homes.

Words: region 行政区划, community 社区 (the tenant), grid 网格, building 楼栋, home 房屋 (a household's door).
Used by everyone; knows nothing of people.
"""
