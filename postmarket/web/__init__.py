"""The shell of the site: layout, navigation, components and static files; pages composed of the apps' panels."""
