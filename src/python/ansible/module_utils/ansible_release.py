"""The Ansible that modules find themselves with: the one whose language is spoken here."""
__version__ = '2.19.14'
__author__ = 'Ansible, Inc.'
__codename__ = 'plonerun'
