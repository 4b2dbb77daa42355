"""A Containerfile (Dockerfile) for an image of the wheel."""

from woo2po import __version__

FILE = """\
# woo2po in a container: one image for all shops; configuration and state are mounted.
#
#   python -m build --wheel
#   woo2po schedule container > Containerfile
#   podman build -t woo2po:{version} -f Containerfile .
#   podman run --rm -v ./myshop:/state woo2po:{version}
#
# The folder that is mounted on /state has the shop's config.toml and gets its state database; it
# must belong to user 10001 (podman unshare chown -R 10001:10001 myshop, or sudo chown with docker).
FROM python:3.13-slim

COPY dist/woo2po-{version}-py3-none-any.whl /wheels/
RUN python -m pip install --no-cache-dir /wheels/woo2po-{version}-py3-none-any.whl \\
 && rm -r /wheels

# Containers of one machine that share a subscription key share its allowance in a folder that is
# mounted into all of them: WOO2PO_POWEROFFICE__ALLOWANCE_FOLDER. Else it is that of each alone.
ENV HOME=/state
WORKDIR /state
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["woo2po"]
CMD ["run"]
"""


def containerfile() -> str:
    """Return the file, for the wheel of this version."""
    return FILE.format(version=__version__)
