"""Gives ansible-playbook the filter `changed` back, which it had until 2.9: nickjj.iptables uses it."""


class FilterModule:
    def filters(self):
        return {"changed": lambda result: bool(result.get("changed"))}
