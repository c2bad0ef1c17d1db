"""The one book (服务台账): every act of service, written once, never changed, and every figure read out of it.

Rooms write with `actions.write_service` and correct with `actions.reverse_service`. Words: service record 服务记录,
part 服务人与服务对象, kind 服务项目, catalogue 服务目录, reversal 冲正, figure 数字, check 自查.
"""
