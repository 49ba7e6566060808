#!/bin/sh
echo fails; exit 5
