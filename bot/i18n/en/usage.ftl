### What is said of a command that is not right, and the usage made from its arguments.

usage-line = Usage: <code>{ $line }</code>
usage-field = <code>{ $name }</code>: { $about }
usage-field-alias = <code>{ $name }</code> (or <code>{ $alias }</code>): { $about }
usage-near = {" "}Did you mean <code>{ $word }</code>?

usage-unexpected =
    <code>{ $word }</code> makes no sense here.{ $near }
    { $usage }
usage-unknown-key =
    There is no option <code>{ $key }=</code>.{ $near }
    { $usage }
usage-bad-value =
    <code>{ $word }</code> can't be <code>{ $name }</code>: { $expected }.{ $near }
    { $usage }
usage-missing =
    <code>{ $name }</code> is missing.
    { $usage }
usage-twice =
    <code>{ $name }</code> is there twice; keep one.
    { $usage }
usage-quote =
    The quote in <code>{ $word }</code> is never closed.
    { $usage }

usage-kind-number = a whole number is needed
usage-kind-least = a whole number of at least { $least } is needed
usage-kind-most = a whole number of at most { $most } is needed
usage-kind-range = a whole number from { $least } to { $most } is needed
usage-kind-decimal = a number is needed
usage-kind-switch = <code>on</code> or <code>off</code> is needed
usage-kind-duration = a duration is needed, such as <code>30m</code>, <code>2h</code> or <code>7d</code>
usage-kind-size = a size with its unit is needed, such as <code>500M</code> or <code>32G</code>
usage-kind-choice = it can be <code>{ $choices }</code>
