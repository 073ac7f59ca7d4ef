"""How requests begin politely: words before the verb that say nothing about what is wanted."""

from __future__ import annotations

from typing import Final

from skills.idioms import Idioms

_SAID: Final = """
can you
could you
can you please
could you please
would you
will you
would you mind
would you kindly
do you mind
can we
could we
shall we
can i get you to
i need you to
i want you to
i would like you to
i need to
i want to
i would like to
i would love to
i will need to
we need to
we want to
we should
we would like to
you need to
you can
you should
i am going to need
i need
i want
i would like
i would love
we need
we want
let us
go ahead and
go and
help me
help me to
time to
i wish to
i wish you to
i want that you
i need that you
i would like that you
i would be grateful if you could
i would be grateful if you would
i would appreciate it if you could
i would appreciate if you could
it would be great if you could
it would be good if you could
it would be nice if you could
i was hoping you could
i am hoping you can
would you be able to
i was wondering whether you would mind
i was wondering if you would mind
i was wondering if you could
i was wondering whether you could
i wonder if you could
i do not suppose you could
do you think you could
do not forget to
do not forget you need to
it would be great to
it would be nice to
remember to
please remember to
be sure to
make sure to
make sure you
make sure we
will you be able to
might i trouble you to
may i trouble you to
could i trouble you to
could i trouble you for
may i trouble you for
can i trouble you for
might i trouble you for
could i bother you for
i would be grateful for
i would appreciate
do the needful and
be an angel and
be a darling and
be a pal and
be good enough to
do the honours and
would you be so good as to
would you be so good to
would you be so kind to
would you be kind enough to
would you be good enough to
could you be so kind as to
could you be so kind to
be so kind to
be kind enough to
can i speak with
may i speak to
may i speak with
may i talk to
may i have
might i have
may i get
may i know
might i know
can i know
may i ask
can i ask
might i ask
might you
is it possible to see
is it possible to view
is it possible to have a look at
is it possible to get a list of
is it possible to know
help to
please help to
let us go on and
can i talk with
could i talk with
could i get you to
i have got a
i have got an
all i need is
what i need is
what i want is
next up
next on the list
i would ask you to
i must ask you to
i instruct you to
we instruct you to
we ask you to
we request that you
i request that you
i require you to
we require you to
please proceed to
you are asked to
you are requested to
you are to
it is time to
it is high time to
see to it that you
gonna need you to
going to need you to
i am going to need you to
wondering if you could
i was wondering if you could
i am wondering if you could
i wonder if you could
if you could
if you would
if you can
if you could please
can you go ahead and
you had better
we had better
i had better
better
can we please
could we please
can we just
go on and
want you to
need to have
should like to
i should like to
we should like to
i should like you to
can i trouble you to
would you be so kind as to
any chance you could
any chance you can
any chance of
any chance we could
do you think you could
you may
be so kind as to
be so kind and
be so good as to
be a dear and
be a star and
be a mate and
be sure to
make sure to
make sure you
could i ask you to
can i ask you to
may i ask you to
i ask you to
i have to
we have to
i have got to
we have got to
got to
have to
need to
need you to
need
want to
trying to
i am trying to
i am after
we are after
i am looking for
can you tell me
could you tell me
would you tell me
please tell me
tell me
tell us
let me know
let us know
i would like to know
i want to know
i need to know
can you let me know
could you let me know
do you know
i like to
first
firstly
second
secondly
lastly
afterwards
after that
be a legend and
do me a favour and
can i get
could i get
can i have
could i have
may i have
can i see
can i talk to
can i speak to
could i talk to
could i speak to
could i speak with
could i see
may i see
can we get
can we see
could we see
let me
let me see
give me
give us
get me
get us
"""
OPENINGS: Final = Idioms.longest_first(_SAID.strip().splitlines())
