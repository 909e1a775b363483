-- nothing;
/* ; */
