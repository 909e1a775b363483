-- nothing
/* at ; all */

