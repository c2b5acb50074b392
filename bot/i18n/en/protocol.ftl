### Job protocols sent as files: what is wrong with the file, and what at one place in it.

protocol-too-large = This job protocol has { SIZE($bytes) }; OpenPAI reads { SIZE($limit) } at most. Put long scripts into a file on the storage server.
protocol-not-utf8 = This file is not UTF-8 text. Save it as UTF-8 and send it again.
protocol-no-mapping = This file is no job protocol: it has to begin with keys such as <code>protocolVersion: 2</code> and <code>name:</code>.
protocol-not-yaml = This file is no valid YAML{ $line ->
    [0] .
   *[other] , see line { NUMBER($line) }: <i>{ $problem }</i>
}
protocol-duplicate-key = The key <code>{ $name }</code> stands twice in the same place (line { NUMBER($line) }); keep one.
protocol-too-complex = This file is nested or repeats itself (<code>*alias</code>) more than any job protocol needs. Write it out plainly.
protocol-secrets-readable = Everybody could read the secrets of this job: OpenPAI hides them only when the line begins with <code>secrets:</code>, without quotes and without spaces before it, and another key follows below. Write it like that and send it again.

protocol-missing = it is missing
protocol-unknown = OpenPAI knows no such key.{ $near }
protocol-near = {" "}Did you mean <code>{ $name }</code>?
protocol-not-text = a text is needed; put quotes around numbers and dates
protocol-not-whole = a whole number is needed
protocol-not-mapping = keys with values are needed here
protocol-not-list = a list is needed here
protocol-not-switch = <code>true</code> or <code>false</code> is needed
protocol-least = at least { NUMBER($least) } is needed
protocol-empty = there has to be at least one
protocol-choice = it can only be <code>{ $choices }</code>
protocol-version = it has to be <code>2</code>
protocol-name = only letters, digits, <code>_</code> and <code>-</code> are allowed, at most { NUMBER($most) }
protocol-role-name = only letters, digits and <code>_</code> are allowed, and no digit comes first
protocol-roles-alike = OpenPAI takes this for the same task role as <code>{ $name }</code>
protocol-instances = it has to be written out, or OpenPAI fails: <code>instances: 1</code>
protocol-no-image = there is no <code>dockerimage</code> prerequisite named <code>{ $name }</code>
protocol-twice = <code>{ $name }</code> is there twice
protocol-no-such = there is no <code>{ $name }</code> in this file
