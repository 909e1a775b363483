# nothing;
-- at all;
/* ; */
