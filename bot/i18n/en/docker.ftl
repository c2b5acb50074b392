### /docker: images and containers for people who have never used them.

help-docker = docker in short topics, with your own values filled in

docker-group = Docker is explained in our private chat.
docker-overview = <b>Docker</b>
    An image is what your job runs on. These topics lead from looking at one to having your own in the lab's registry. Every line can be copied.
docker-whole = From a Dockerfile to an image that jobs can use, in three lines:
    <pre>{ $build }
    { $login }
    { $push }</pre>
docker-topics = All topics
docker-copy = 📋 { $line }
docker-no-registry = No registry has been set up in my settings: put yours in place of <code>REGISTRY/PROJECT</code>.
docker-plain-http = ⚠️ <code>{ $registry }</code> has no certificate. On your computer add it to <code>insecure-registries</code> in <code>/etc/docker/daemon.json</code> and restart docker, else login and push fail.

docker-folder = In a job <code>{ $point }</code> is your personal folder, <code>{ $folder }</code> on the storage server: what you save there stays, and is no part of the image.

docker-name-image = Image, container
docker-name-images = images, pull
docker-name-ps = ps
docker-name-run = run
docker-name-exec = exec
docker-name-commit = commit
docker-name-tag = tag
docker-name-login = login
docker-name-push = push
docker-name-rm = rm
docker-name-dockerfile = Dockerfile
docker-name-build = build
docker-name-shell = Shell or exec form
docker-name-entrypoint = ENTRYPOINT, CMD

docker-topic-image = <b>Image and container</b>
    An <b>image</b> is a template: a file system that never changes, with a name like <code>registry/project/repository:tag</code>.
    A <b>container</b> is one running copy of it. What you install or change in a container is in that container only, and is gone when it is removed.
    So there are two ways to keep a change: write it into a Dockerfile and <i>build</i> (can be repeated by anybody), or <i>commit</i> the container (quick, but nobody knows later what is inside). Only images can be pushed, and jobs can only use what is in a registry.
    Get an image:
    <pre>{ $first }</pre>
    Make a container of it and look around:
    <pre>{ $second }</pre>
docker-topic-images = <b>Which images are here?</b>
    <pre>{ $first }</pre>
    Each line has repository, tag, id and size. An image is meant either by <code>repository:tag</code> or by its id; the first few letters of the id are enough. <code>&lt;none&gt;</code> is an image whose tag was given to a newer one.
    Fetch one that is not here yet:
    <pre>{ $second }</pre>
    Without a tag docker takes <code>latest</code>, which need not exist and means something else every week: always write the tag.
docker-topic-ps = <b>Which containers are there?</b>
    Those that run now:
    <pre>{ $first }</pre>
    Those that have ended too:
    <pre>{ $second }</pre>
    A container ends when its first process ends, for example after <code>exit</code> or Ctrl-D. It stays on the disk until you remove it. Stop one that still runs:
    <pre>{ $third }</pre>
docker-topic-run = <b>Start a container</b>
    With a shell, removed again at the end (<code>--rm</code>); <code>-it</code> connects your keyboard and screen:
    <pre>{ $first }</pre>
    With the GPUs, and this folder at <code>/mnt</code>, where your files are in a job too:
    <pre>{ $second }</pre>
    In the background (<code>-d</code>), with a port: <code>-p HOST:CONTAINER</code> makes port 8888 of the container port 8888 of this computer.
    <pre>{ $third }</pre>
    What stands after the image replaces its CMD.
docker-topic-exec = <b>Go into a running container</b>
    <pre>{ $first }</pre>
    This starts a second process beside the first; leaving it does not end the container. <code>docker attach</code> goes to the first process instead, and Ctrl-C there ends it.
docker-topic-commit = <b>A container becomes an image</b>
    <pre>{ $first }</pre>
    Everything you installed in it is kept, its running programs are not. Folders given with <code>-v</code> do not become part of the image. Clean up before: caches and downloads would be in the image for ever. A Dockerfile gives smaller images that can be built again: /dockerfile writes one.
docker-topic-tag = <b>Give an image its name for the registry</b>
    <pre>{ $first }</pre>
    Take the id from <code>docker images</code>. The name says where a push goes: registry, then the lab's project, then repository and tag. It is all lower case but for the tag.
    The tag should name the versions inside, like <code>py310-torch2.1.2-cu118</code>. <code>latest</code> or <code>v1</code> tells nobody anything, and pushing the same tag again takes it away from the old image.
docker-topic-login = <b>Log in to the registry</b>
    <pre>{ $first }</pre>
    Docker asks for the password and does not show it. Never write it into the line: it would stay in the history of your shell. In scripts use <code>--password-stdin</code>. The single quotes matter: names of robots have a <code>$</code> in them. If your user name there is another one, put that in.
    On a computer that others use too, log out afterwards:
    <pre>{ $second }</pre>
docker-topic-push = <b>Put an image into the registry</b>
    Once per computer:
    <pre>{ $first }</pre>
    Then, with an image that has its full name (see <i>tag</i>):
    <pre>{ $second }</pre>
    Only layers that the registry does not have yet are sent. <code>denied</code> means that you may not write to this project, or that the project is missing in the name.
    In a job you write the same name after <code>image=</code>, without <code>docker pull</code>.
docker-topic-rm = <b>Clean up</b>
    Remove a container that has ended:
    <pre>{ $first }</pre>
    Remove an image from this computer; it stays in the registry:
    <pre>{ $second }</pre>
    Remove all images without a tag:
    <pre>{ $third }</pre>
    An image that a container still uses can't be removed: first the container, then the image. <code>docker system df</code> shows what takes the space.
docker-topic-dockerfile = <b>Dockerfile</b>
    A text file called <code>Dockerfile</code> that says how an image is made. Each instruction makes a layer.
    <code>FROM</code> the image it begins with; <code>scratch</code> is empty
    <code>RUN</code> a command during the build
    <code>COPY</code> files from your folder; <code>ADD</code> also unpacks archives
    <code>ENV</code> a variable that stays, <code>ARG</code> one for the build only
    <code>WORKDIR</code> the folder for what follows
    <code>EXPOSE</code> says which ports are meant (8888 Jupyter, 6006 TensorBoard); <code>-p</code> opens them
    <code>LABEL</code> notes about the image (also in place of the old <code>MAINTAINER</code>)
    <code>CMD</code> and <code>ENTRYPOINT</code> what a container starts
    A file deleted in a later RUN still takes its space in the layer before. So download, install and clean up in one RUN, joined by <code>&amp;&amp;</code>. /dockerfile does that for you. Then build it and push it:
    <pre>{ $first }</pre>
    <pre>{ $second }</pre>
docker-topic-build = <b>Build an image</b>
    In the folder with the Dockerfile; the <code>./</code> at the end is that folder:
    <pre>{ $first }</pre>
    Docker sends the whole folder to be built, so keep data sets elsewhere or name them in <code>.dockerignore</code>. Steps that did not change come from the cache: put what changes often at the end.
    Try it before you push:
    <pre>{ $second }</pre>
docker-topic-shell = <b>Shell form and exec form</b>
    Shell form: <code>CMD python train.py $ARGS</code>
    Docker starts <code>/bin/sh -c "…"</code>. Variables, <code>&amp;&amp;</code> and <code>|</code> work, but the shell is process 1: a stop signal reaches the shell and not your program.
    Exec form: <code>CMD ["python", "train.py"]</code>
    The program itself is process 1 and gets the signal. No shell looks at the words, so <code>$ARGS</code> stays as it is. It is JSON: double quotes only.
    Rule: RUN in shell form, ENTRYPOINT and CMD in exec form. Both at once: <code>CMD ["bash", "-c", "exec python train.py $ARGS"]</code>
docker-topic-entrypoint = <b>ENTRYPOINT and CMD</b>
    CMD alone is a default: words after the image in <code>docker run</code> replace it.
    ENTRYPOINT is what always runs: those words are added to it instead. Only <code>--entrypoint</code> replaces it.
    Together, CMD is the default for the arguments:
    <pre>ENTRYPOINT ["python", "train.py"]
    CMD ["--epochs", "10"]</pre>
    <code>docker run IMAGE</code> runs <code>python train.py --epochs 10</code>, <code>docker run IMAGE --epochs 50</code> runs it with 50. Of several only the last one counts. With an ENTRYPOINT in shell form, CMD is ignored.
    OpenPAI starts its own script, so in a job neither counts: write the command after <code>/run</code>.
