-- Beside how a conversation ends as the live release reads it: the chance that its customer is let down, in 200ths. NULL: the customer
-- rated it, says nothing, or it is not read yet.
ALTER TABLE conversation ADD COLUMN felt_chance INTEGER;
