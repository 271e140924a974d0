"""The pages of the site, a folder for each room: views, forms and addresses; what they show comes from the rooms."""
