-- Version 4: indexes for what is asked often and else would read a whole chat or table.

CREATE INDEX message_personal ON message(chat) WHERE automatic = 0;
CREATE INDEX place_unreadable ON place(folder) WHERE message IS NULL AND reason <> '';
CREATE INDEX recipient_accepted ON recipient(since_ms) WHERE state = 2;  -- chat::RecipientState::accepted
