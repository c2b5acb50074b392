### The catalogue of images, pushing one's own, and robot accounts.

help-catalog = images that are known to work here
help-push = the docker lines that bring your image into the registry
how-catalog = <code>/catalog</code>; admins also <code>/catalog add harbor.example.edu/lab/torch:1.13 for beginners</code> and <code>/catalog remove …</code>
how-push = <code>/push torch:v2</code>; into another registry: <code>/push torch:v2 registry=NAME</code>
catalog-own = <b>Your own last images</b>
catalog-name = • <code>{ $name }</code>
catalog-tried = <b>Recommended and tested</b>
catalog-line = • <code>{ $name }</code>{ $works ->
    [yes] {" "}✅
    [no] {" "}❌
   *[other] {""}
}{ GIVEN($inside) ->
    [yes] {" "}· { $inside }
   *[no] {""}
}{ GIVEN($note) ->
    [yes] {" "}· <i>{ $note }</i>
   *[no] {""}
}{ GIVEN($by) ->
    [yes] {" "}· tested { DATE($at) } by { $by }{ GIVEN($on) ->
        [yes] {" "}on { $on }
       *[no] {""}
    }
   *[no] {""}
}
catalog-learned = <b>Images on which jobs succeeded here</b>
catalog-good = • <code>{ $name }</code> · { $jobs ->
    [1] 1 job
   *[other] { $jobs } jobs
} of { $people ->
    [1] 1 person
   *[other] { $people } people
}, last { DATE($at) }{ GIVEN($sku) ->
    [yes] {" "}· { $sku }
   *[no] {""}
}
catalog-empty = Nothing is known yet: no job has succeeded on an image I know, and no admin has recommended one.{ $listed ->
    [yes] {" "}/images shows what there is.
   *[no] {""}
}
catalog-group = Tested and recommended images: { $count }. The list is in our private chat.
catalog-added = <code>{ $name }</code> is in the catalogue of images.
catalog-removed = <code>{ $name }</code> is no longer in the catalogue of images.
catalog-word = I don't understand <code>{ $word }</code>. It is <code>/catalog</code>, <code>/catalog add IMAGE</code> or <code>/catalog remove IMAGE</code>.
push-how = Which image on your machine? <code>/push torch:v2</code>. If it is one of a registry, I name the versions inside in the tag. Somewhere else than usual: <code>/push torch:v2 registry=…</code> (<code>{ $names }</code>).
push-lines = On the machine where the image is:
    <pre>{ $login }
    { $tag }
    { $push }</pre>
    The password is asked for; never write it into the line.
push-tag = <code>{ $tag }</code> says nothing of what is inside. A tag like <code>py38-torch1.13-cu117</code> does, and it stays true next month.
push-http = ⚠️ <code>{ $registry }</code> has no certificate: docker must know it under <code>insecure-registries</code>.
push-group = The docker lines for your own image are in our private chat.
catalog-admins = Only admins change the catalogue; you can read it with /catalog. An image gets in by itself once jobs succeed on it, or when you press <i>Test</i> on its card.
catalog-how-add = Which image? <code>/catalog add harbor.example.edu/lab/torch:1.13 for beginners</code>. What follows the image is shown beside it.
catalog-how-remove = Which image? <code>/catalog remove harbor.example.edu/lab/torch:1.13</code>, or a part of the name.
catalog-not-added = So it is not in the catalogue.
catalog-which = Which of these should I take out of the catalogue?
push-no-registry = No registry here is called <code>{ $name }</code>. There are: <code>{ $names }</code>.

run-pick = { $some ->
    [0] Which image should it run on? Write its name, or look at all there are.
   *[other] Which image should it run on? Choose one or write its name; then I'll show you what will run. Next time I'll take the same one.
}
run-pick-first = Or begin with an image:
button-pick = { $kind ->
    [own] 🕘
    [tried] ⭐
    [learned] 👍
   *[harbor] 📦
} { $name }
image-group-how = Which image? <code>/image harbor.example.edu/lab/torch:1.13</code>. All there are, and yours, in our private chat.

button-robot = Robot account
button-robot-make = Make one
button-robot-new = New robot account
button-robot-delete = Delete the old one
robot-about = 🤖 A <b>robot account</b> is a login for machines: with it docker pushes and pulls in the project <b>{ $project }</b> of the registry, without your own password. It ends by itself after 30 days; I'll tell you beforehand. Its secret is shown only once.
robot-yours = You have <code>{ $name }</code>, until { DATE($at) }. It ends as soon as a new one is made.
robot-made = 🤖 <code>{ $name }</code>, until { DATE($ends) }{ $replaced ->
    [0] .
   *[other] . The one you had before has ended.
}
    Its secret: <code>{ $secret }</code>
    Copy it now: nobody can show it again, and I delete this message at { TIME($until) }.
    <pre>{ $login }</pre>
    Docker asks for the secret as the password. Keep the single quotes: the shell would eat the <code>$</code>.
robot-hidden = The secret of <code>{ $name }</code> stood here. The robot account itself still works.
robot-ends = { $over ->
    [0] ⏳ Your robot account <code>{ $name }</code> ends on { DATE($at) }. Whatever logs in with it stops working then.
   *[other] ⏳ Your robot account <code>{ $name }</code> has ended. Whatever logs in with it does not work any more.
}
robot-deleted = 🗑 The robot account <code>{ $name }</code> is deleted; nothing can log in with it any more.
robot-gone = This robot account is not there any more.
robot-none-here = Nobody can make robot accounts here: the site has no Harbor, no project, or no account that may.
robot-no-right = Your own Harbor login may not make robot accounts in <b>{ $project }</b>: only a project admin may. Ask one, or whoever runs Pailot.
robot-not-made = Harbor would not make the robot account. Try again in a while.
push-project = { $public ->
    [0] In place of <code>PROJECT</code> write your name space there. A commercial registry wants it made first, on its web page, and the repository in it too.
   *[other] In place of <code>USER</code> write your user name on Docker Hub. Everybody can see what is pushed there, and the nodes may not reach it.
}
