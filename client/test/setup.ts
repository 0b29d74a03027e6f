// What every test of the client needs: nothing yet but a fixed language.
