"""The lines that the docker guide teaches, by topic, in the order in which its texts speak of them."""

from bot.domain.docker.lines import Terminal, repository

EXAMPLE_TAG = "py310-torch2.1.2-cu118"
CONTAINER = "lab"
"""What the guide's container is called, so that its lines fit together."""


def lines(topic: str, own: Terminal) -> tuple[str, ...]:
    """At most three; none for topics whose examples are no commands."""
    docker, image = own.docker, example(own)
    match topic:
        case "image":
            return own.pull(image), f"{docker} run -it --name {CONTAINER} {image} /bin/bash"
        case "images":
            return f"{docker} images", own.pull(image)
        case "ps":
            return f"{docker} ps", f"{docker} ps -a", f"{docker} stop {CONTAINER}"
        case "run":
            return (
                f"{docker} run -it --rm {image} /bin/bash",
                f'{docker} run -it --rm --gpus all -v "$PWD":/mnt {image} /bin/bash',
                f"{docker} run -d --name {CONTAINER} -p 8888:8888 {image} sleep infinity",
            )
        case "exec":
            return (f"{docker} exec -it {CONTAINER} /bin/bash",)
        case "commit":
            return (f"{docker} commit {CONTAINER} {image}",)
        case "tag":
            return (own.tag("IMAGE_ID", image),)
        case "login":
            return own.login(), own.logout()
        case "push":
            return own.login(), own.push(image)
        case "rm":
            return (
                f"{docker} rm {CONTAINER}",
                f"{docker} image rm {image}",
                f"{docker} image prune",
            )
        case "dockerfile":
            return own.build(image), own.push(image)
        case "build":
            return own.build(image), f"{docker} run -it --rm {image} python --version"
        case _:
            return ()


def example(own: Terminal) -> str:
    """An image as the reader would name it."""
    return own.image(repository("pytorch", own.owner or own.user), EXAMPLE_TAG)
