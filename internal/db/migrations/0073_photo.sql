-- +goose Up
-- A photo of a meter, of a line of a receipt: digests of the picture and of the small one, whose bytes lie in the folder
-- of photos. The row recorded last holds; one with a reason withdraws the photo, and its bytes are gone. author is who
-- gave it, with its channel and device.
CREATE TABLE reading_photo (
    building_id  BIGINT NOT NULL,
    meter_id     BIGINT NOT NULL,
    photo_id     BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    taken_at     BIGINT NOT NULL,
    household_id BIGINT NOT NULL,
    receipt_no   TEXT NOT NULL,
    channel      TEXT NOT NULL,
    author       TEXT NOT NULL,
    device       TEXT NOT NULL,
    digest       TEXT NOT NULL,
    thumb        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    PRIMARY KEY (building_id, meter_id, photo_id, recorded_at)
); -- fact
CREATE INDEX reading_photo_taken ON reading_photo (taken_at);
CREATE INDEX reading_photo_digest ON reading_photo (digest);
CREATE INDEX reading_photo_thumb ON reading_photo (thumb);

-- +goose Down
DROP TABLE reading_photo;
