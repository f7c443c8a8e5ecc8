/** The scripts of the page, which only add convenience: everything that they show is on the page without them. */
import { cursorScript } from './cursor-script.ts'

/** Filters the attempts, goes from one to another, and copies commands. The address of the page keeps the filter, so that a link has it. */
const attemptsScript = `
const attempts=[...document.querySelectorAll('details.attempt')]
const bar=document.querySelector('.filter')
const unfold=(element)=>{for(let each=element;each;each=each.parentElement)if(each.tagName==='DETAILS')each.open=true}
const choose=(wanted)=>{
  for(const button of bar?.querySelectorAll('button')??[])button.setAttribute('aria-pressed',String(button.dataset.outcome===wanted))
  for(const attempt of attempts){
    attempt.hidden=wanted!=='all'&&attempt.dataset.outcome!==wanted
    if(wanted!=='all'&&!attempt.hidden)unfold(attempt.parentElement)
  }
}
const follow=()=>{
  const name=location.hash.slice(1)
  const only=name.match(/^only-(\\w+)$/)?.[1]
  if(bar?.querySelector('[data-outcome='+only+']'))return choose(only)
  const target=document.getElementById(name)
  const attempt=target?.closest('details.attempt')
  if(!attempt)return
  if(attempt.hidden)choose('all')
  unfold(attempt)
  attempt.querySelector('summary').focus({preventScroll:true})
  attempt.scrollIntoView()
}
if(bar){
  bar.hidden=false
  for(const button of bar.querySelectorAll('button'))button.addEventListener('click',()=>{
    const{outcome}=button.dataset
    history.replaceState(null,'',outcome==='all'?location.pathname+location.search:'#only-'+outcome)
    choose(outcome)
  })
  bar.querySelector('input').addEventListener('change',({target})=>{
    const anchor='attempt-'+target.value
    target.setCustomValidity(!target.value||document.getElementById(anchor)?'':'The subject has no attempt with this number.')
    if(target.reportValidity()&&target.value)location.hash=anchor
  })
}
addEventListener('hashchange',follow)
follow()
for(const button of navigator.clipboard?document.querySelectorAll('button.copy'):[]){
  button.hidden=false
  button.addEventListener('click',()=>navigator.clipboard.writeText(button.previousElementSibling.textContent).then(()=>{button.textContent='copied'}))
}
addEventListener('keydown',(event)=>{
  if(event.ctrlKey||event.metaKey||event.altKey||event.target.tagName==='INPUT'||!['j','k'].includes(event.key))return
  const seen=attempts.filter((attempt)=>!attempt.hidden)
  const now=seen.findIndex((attempt)=>attempt.contains(document.activeElement))
  const next=seen[event.key==='j'?Math.min(now+1,seen.length-1):Math.max(now-1,0)]
  if(next){unfold(next);next.querySelector('summary').focus();next.scrollIntoView({block:'nearest'})}
})
`

export const script = attemptsScript + cursorScript
