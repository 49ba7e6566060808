# What targets source to get a Python of their own; plonerun needs none, so it is the host's, if it has one.
mkdir -p "$OUTPUT_DIR/venv/bin"
if command -v python3 >/dev/null; then ln -sf "$(command -v python3)" "$OUTPUT_DIR/venv/bin/python"; fi
