"""The wall: student code runs behind it, in a kernel of its own.

From the outside in:

- `client`: one jailed kernel as the grader sees it
- `messages`, `wire`, `published`: what the kernel says, held to the protocol, byte by byte
- `kernel_server`: one jail a flavour, many kernels in turn
- `bubblewrap`, `callfilter`, `cgroups`, `libraries`: what the jail is made of
- `inside`: the only code of ours that is in it
"""
