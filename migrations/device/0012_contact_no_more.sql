-- Who asked not to be contacted is found at once, whatever came after.
CREATE INDEX visit_no_contact ON visit (door, at DESC, device DESC, id DESC)
    WHERE standing = 1 AND outcome = 'do_not_contact';
