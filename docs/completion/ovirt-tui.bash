# Completion of ovirt-tui for bash.  Made by 'make docs' from the arguments of the program.
# Use: . docs/completion/ovirt-tui.bash

_ovirt_tui() {
    local current=${COMP_WORDS[COMP_CWORD]} command= wants= word
    COMPREPLY=()
    [[ $current == = ]] && current=
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$command $word" in
            *" =") ;;
            " -"*) ;;
            " "*) command=$word ;;
            'autoinstall --cmdline') wants=TEXT ;;
            'check --answers') wants=FILE... ;;
            'check --cmdline') wants=TEXT ;;
            'check --machine') wants=FILE ;;
            'plan --answers') wants=FILE... ;;
            'plan --cmdline') wants=TEXT ;;
            'plan --machine') wants=FILE ;;
            'disks --match') wants=TEXT ;;
            'disks --machine') wants=FILE ;;
            'export --answers') wants=FILE... ;;
            'export --cmdline') wants=TEXT ;;
            'export --machine') wants=FILE ;;
            'export --as') wants='cmdline answers' ;;
            'apply --answers') wants=FILE... ;;
            *" -"*) wants= ;;
            *) [[ $wants == *... ]] || wants= ;;
        esac
    done
    [[ $current == -* || -z $wants ]] && case "$command" in
        "") wants='install setup autoinstall check plan disks facts export apply drift upgrade rollback status trial persist unpersist persisted register --help --version' ;;
        install) wants=--help ;;
        setup) wants=--help ;;
        autoinstall) wants='--help --cmdline' ;;
        check) wants='--help --answers --cmdline --machine --json' ;;
        plan) wants='--help --answers --cmdline --machine --json' ;;
        disks) wants='--help --match --machine --json' ;;
        facts) wants=--help ;;
        export) wants='--help --answers --cmdline --machine --json --as' ;;
        apply) wants='--help --json --answers --check' ;;
        drift) wants='--help --json' ;;
        upgrade) compopt -o default 2>/dev/null; wants='--help --json --check --reboot --unsigned --older --again --with-guests --despite-settings' ;;
        rollback) wants='--help --reboot' ;;
        status) wants='--help --json' ;;
        trial) wants='--help --lasted --well' ;;
        persist) compopt -o default 2>/dev/null; wants='--help --json' ;;
        unpersist) compopt -o default 2>/dev/null; wants='--help --json' ;;
        persisted) wants='--help --json' ;;
        register) wants=--help ;;
        *) return ;;
    esac
    case $wants in
        FILE*) compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$current")) ;;
        TEXT*) ;;
        *) COMPREPLY=($(compgen -W "$wants" -- "$current")) ;;
    esac
}
complete -F _ovirt_tui ovirt-tui
