"""The course as pages: `course site` runs the released lessons and makes a static site that needs no network."""
